import { answersWithAttachments, type Dialect } from './dialects.ts';
import { fastjson2Text } from './fastjson2-text.ts';
import { exceptionObject, goThrowable, type JavaException, type ServiceError } from './java-exception.ts';
import { hashMap, int, type JavaValue } from './java-value.ts';
import { JavaValueWriter } from './java-value-writer.ts';
import { stackFrames, stackText } from './stack-frames.ts';
import { FASTJSON2, HESSIAN2, NULL_BODY, STATUS_OK, STATUS_SERVICE_ERROR } from './wire.ts';

/** An answer without the id it belongs to. */
export interface Answer {
  readonly serialization: number;
  readonly status: number;
  readonly body: Buffer;
}

/** What an answer's body takes from the request. */
export interface AnswerFrame {
  readonly protocolVersion: string | null;
  readonly attachments: ReadonlyMap<string, string>;
}

const FLAG_EXCEPTION = 0;
const FLAG_VALUE = 1;
const FLAG_NULL = 2;
/** Topmost frames that are the service's own; what the framework refuses never gets there. */
const FRAMES_OF_THE_SERVICE = 2;
/** Added to a flag when attachments follow. */
const WITH_ATTACHMENTS = 3;

/** Writes the bodies of answers the way the dialect does. */
export class AnswerEncoder {
  readonly #dialect: Dialect;
  readonly #writer: JavaValueWriter;

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
    this.#writer = new JavaValueWriter(dialect.typedArrayList);
  }

  /** A result with status 20; more attachments than `dubbo` can be given. */
  value(frame: AnswerFrame, value: JavaValue, attachments: ReadonlyMap<string, string>): Answer {
    return this.#result(frame, value === null ? FLAG_NULL : FLAG_VALUE, value, attachments);
  }

  /** A business exception with status 20. */
  exception(frame: AnswerFrame, exception: JavaException, attachments: ReadonlyMap<string, string>): Answer {
    return this.#result(frame, FLAG_EXCEPTION, exceptionObject(exception, this.#dialect), attachments);
  }

  /** What the framework refused: status 70 and a stack trace; dubbo-go sends an exception. */
  serviceError(error: ServiceError): Answer {
    if (this.#dialect.name === 'go') return this.goException(error.message);
    const headline = `${error.className}: ${error.message}`;
    return this.status(
      STATUS_SERVICE_ERROR,
      `${headline}\n${headline}\n${stackText(stackFrames(this.#dialect).slice(FRAMES_OF_THE_SERVICE))}`,
    );
  }

  /** dubbo-go's answer to a call that reached no method: flag 0, no attachments. */
  goException(message: string): Answer {
    this.#writer.reset().write(int(FLAG_EXCEPTION)).write(goThrowable(message));
    return this.#finished(STATUS_OK);
  }

  /** Any status with its text, in the serialization the dialect uses for errors unless told otherwise. */
  status(status: number, text: string, inFastjson2 = this.#dialect.fastjson2Errors): Answer {
    if (inFastjson2) return { serialization: FASTJSON2, status, body: fastjson2Text(text) };
    this.#writer.reset().write(text);
    return this.#finished(status);
  }

  #result(frame: AnswerFrame, flag: number, value: JavaValue, attachments: ReadonlyMap<string, string>): Answer {
    const withAttachments = answersWithAttachments(this.#dialect, frame.protocolVersion);
    this.#writer.reset().write(int(withAttachments ? flag + WITH_ATTACHMENTS : flag));
    if (flag !== FLAG_NULL) this.#writer.write(value);
    if (withAttachments) {
      const entries: [JavaValue, JavaValue][] = [['dubbo', '2.0.2']];
      if (this.#dialect.name === 'go') entries.push(...frame.attachments);
      entries.push(...attachments);
      this.#writer.write(hashMap(entries));
    }
    return this.#finished(STATUS_OK);
  }

  #finished(status: number): Answer {
    const body = this.#writer.bytes();
    const complete = this.#dialect.trailingNull ? Buffer.concat([body, NULL_BODY]) : body;
    return { serialization: HESSIAN2, status, body: complete };
  }
}
