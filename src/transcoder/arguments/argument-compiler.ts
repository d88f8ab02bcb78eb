import { ByteWriter } from '../../bytes/byte-writer.ts';
import type { ArgumentSpec } from '../../config/argument-spec.ts';
import { HessianWriter } from '../../hessian/hessian-writer.ts';
import type { ClassTypes } from '../../java/class-types.ts';
import { asUnseen, formatJavaType, type JavaType, JavaTypeError, parseJavaType } from '../../java/java-type.ts';
import type { JsonDocument } from '../../json/json-document.ts';
import { JsonKind } from '../../json/json-tape.ts';
import type { AbsentRule } from './absent-rule.ts';
import { ArgumentPlanError } from './argument-plan-error.ts';
import { CLASS_KEY } from './class-key.ts';
import type { CompiledArgument, CompiledMembers } from './compiled-argument.ts';
import { ConstantArgument } from './constant-argument.ts';
import { constantDocument } from './constant-document.ts';
import { ConversionError } from './conversion-error.ts';
import { DocumentArgument } from './document-argument.ts';
import { MergeArgument, ObjectArgument } from './object-arguments.ts';
import { ObjectConverter } from './object-converter.ts';
import { isDocumentSource, type TextSource } from './request-text.ts';
import { formatSource } from './source-text.ts';
import { TextArgument, TextListArgument } from './text-arguments.ts';
import { ClassNameConverter } from './text-converters.ts';
import { TypeConverters } from './type-converters.ts';
import type { ValueConverter } from './value-converter.ts';

type SourceSpec = ArgumentSpec & { kind: 'source' };

/**
 * Turns argument specs into compiled arguments of one route. What cannot work with any request is an
 * `ArgumentPlanError`: a text for an object type, a constant that does not fit its type.
 */
export class ArgumentCompiler {
  /** For values of a request. */
  readonly #converters: TypeConverters;
  /** For values of the configuration, which may name any class. */
  readonly #trusted: TypeConverters;
  readonly #allowedClasses: ReadonlySet<string>;

  constructor(classes: ClassTypes, allowedClasses: ReadonlySet<string>) {
    this.#converters = new TypeConverters(classes, allowedClasses);
    this.#trusted = new TypeConverters(classes, undefined);
    this.#allowedClasses = allowedClasses;
  }

  /** Whether null is no value of the type. */
  isPrimitive(type: JavaType): boolean {
    return this.#converters.of(type).primitive;
  }

  compile(spec: ArgumentSpec, type: JavaType): CompiledArgument {
    switch (spec.kind) {
      case 'source':
        return this.#source(spec, sourceType(spec, type));
      case 'value':
        return this.#constant(spec.value, type);
      case 'object':
      case 'merge':
        return this.#members(spec, type);
    }
  }

  #source(spec: SourceSpec, type: JavaType): CompiledArgument {
    const converter = this.#converters.of(type);
    const absent = this.#absent(spec, type);
    if (isDocumentSource(spec.source)) return new DocumentArgument(spec.source, converter, absent);
    return textArgument(spec.source, type, converter, absent);
  }

  /** A part of `merge`, or a whole argument that is an object. */
  #members(spec: ArgumentSpec, type: JavaType): CompiledMembers {
    switch (spec.kind) {
      case 'merge': {
        const form = this.#objectForm(type);
        const parts = spec.parts.map((part) => this.#members(part, type));
        return new MergeArgument(parts, form);
      }
      case 'object': {
        const form = this.#objectForm(type);
        const fields = spec.fields.map(([name, field]) => ({ name, argument: this.#field(name, field, type) }));
        return new ObjectArgument(fields, form);
      }
      case 'value':
        return this.#constantMembers(spec.value, type);
      case 'source': {
        const partType = sourceType(spec, type);
        const form = this.#objectForm(partType);
        if (!isDocumentSource(spec.source)) {
          throw new ArgumentPlanError(`${formatSource(spec.source)} is text; merge takes objects only`);
        }
        const fallback = 'default' in spec ? this.#constantMembers(spec.default, partType) : undefined;
        return new DocumentArgument(spec.source, form, { fallback, required: spec.required });
      }
    }
  }

  #field(name: string, spec: ArgumentSpec, type: JavaType): CompiledArgument {
    const form = this.#objectForm(type);
    this.#checkKey(form, name, type);
    // The caller must not choose a class through a field of the configuration either.
    if (name === CLASS_KEY && spec.kind === 'source') return this.#classField(spec);
    return this.compile(spec, this.#converters.memberType(type, name));
  }

  #classField(spec: SourceSpec): CompiledArgument {
    const converter = new ClassNameConverter(this.#allowedClasses);
    const absent = this.#absent(spec, parseJavaType('String'));
    if (isDocumentSource(spec.source)) return new DocumentArgument(spec.source, converter, absent);
    return new TextArgument(spec.source, converter, absent);
  }

  #objectForm(type: JavaType): ObjectConverter {
    const converter = this.#converters.of(type);
    if (converter instanceof ObjectConverter) return converter;
    throw new ArgumentPlanError(`${formatJavaType(type)} cannot be made of an object`);
  }

  #checkKey(form: ObjectConverter, name: string, type: JavaType): void {
    try {
      form.writeKey(name, scratchWriter());
    } catch (error) {
      if (!(error instanceof ConversionError)) throw error;
      throw new ArgumentPlanError(`"${name}" is no key of ${formatJavaType(type)}: it must be ${error.expected}`);
    }
  }

  #absent(spec: SourceSpec, type: JavaType): AbsentRule {
    const fallback = 'default' in spec ? this.#constant(spec.default, type) : undefined;
    return { fallback, required: spec.required };
  }

  #constant(value: unknown, type: JavaType): ConstantArgument {
    return this.#checked(constantDocument(value), type);
  }

  #constantMembers(value: unknown, type: JavaType): ConstantArgument {
    this.#objectForm(type);
    const doc = constantDocument(value);
    const kind = doc.kind(doc.root);
    if (kind !== JsonKind.Object && kind !== JsonKind.Null) throw new ArgumentPlanError('merge takes objects only');
    return this.#checked(doc, type);
  }

  /** Writes the constant once, so that one that does not fit shows when the configuration is loaded. */
  #checked(doc: JsonDocument, type: JavaType): ConstantArgument {
    const converter = this.#trusted.of(type);
    try {
      converter.fromJson(doc, doc.root, scratchWriter());
    } catch (error) {
      if (!(error instanceof ConversionError)) throw error;
      throw new ArgumentPlanError(`the constant must be ${error.expected} to be ${formatJavaType(type)}`);
    }
    return new ConstantArgument(doc, converter);
  }
}

function textArgument(
  source: TextSource,
  type: JavaType,
  converter: ValueConverter,
  absent: AbsentRule,
): CompiledArgument {
  if (source.kind === 'query' && source.all) {
    if (converter.acceptsTextList) return new TextListArgument(source, converter, absent);
    throw new ArgumentPlanError(`${formatSource(source)} is a list of texts and cannot be ${formatJavaType(type)}`);
  }
  if (converter.acceptsText) return new TextArgument(source, converter, absent);
  throw new ArgumentPlanError(`${formatSource(source)} is text and cannot be ${formatJavaType(type)}`);
}

/** The type that the source names, else that of its place. A provider sees as much of it as of the place. */
function sourceType(spec: SourceSpec, placeType: JavaType): JavaType {
  if (spec.type === undefined) return placeType;
  const type = parseType(spec.type);
  return placeType.unseen ? asUnseen(type) : type;
}

function parseType(text: string): JavaType {
  try {
    return parseJavaType(text);
  } catch (error) {
    if (error instanceof JavaTypeError)
      throw new ArgumentPlanError(`the type "${text}" cannot be read: ${error.message}`);
    throw error;
  }
}

function scratchWriter(): HessianWriter {
  return new HessianWriter(new ByteWriter(256));
}
