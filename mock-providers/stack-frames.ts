import type { Dialect } from './dialects.ts';

/** One line of a Java stack trace. */
export interface StackFrame {
  readonly declaringClass: string;
  readonly methodName: string;
  readonly fileName: string;
  readonly lineNumber: number;
}

const FILTERS = ['Exception', 'Monitor', 'Timeout', 'Trace', 'Context', 'Generic', 'ClassLoader', 'Echo'];
const FUTURE = 'java.util.concurrent.CompletableFuture';

const cache = new Map<string, readonly StackFrame[]>();

/** About thirty frames, as a provider of that line has below a service method. */
export function stackFrames(dialect: Dialect): readonly StackFrame[] {
  const known = cache.get(dialect.rootPackage);
  if (known !== undefined) return known;
  const rpc = `${dialect.rootPackage}.rpc`;
  const remoting = `${dialect.rootPackage}.remoting`;
  const frames = [
    frame('com.acme.shop.ShopService', 'invoke', 57),
    frame(`${rpc}.proxy.AbstractProxyInvoker`, 'invoke', 89),
    frame(`${rpc}.filter.GenericFilter`, 'onResponse', 229),
    frame(`${rpc}.protocol.FilterNode`, 'lambda$invoke$0', 99),
    frame(`${rpc}.AsyncRpcResult`, 'lambda$whenCompleteWithContext$0', 197),
    frame(FUTURE, 'uniWhenComplete', 863),
    frame(FUTURE, 'uniWhenCompleteStage', 887),
    frame(FUTURE, 'whenComplete', 2325),
  ];
  for (const name of FILTERS) {
    frames.push(frame(`${rpc}.protocol.FilterNode`, 'invoke', 61), frame(`${rpc}.filter.${name}Filter`, 'invoke', 38));
  }
  frames.push(
    frame(`${rpc}.protocol.dubbo.DubboProtocol$1`, 'reply', 145),
    frame(`${remoting}.exchange.support.header.HeaderExchangeHandler`, 'handleRequest', 100),
    frame(`${remoting}.exchange.support.header.HeaderExchangeHandler`, 'received', 175),
    frame(`${remoting}.transport.DecodeHandler`, 'received', 51),
    frame(`${remoting}.transport.dispatcher.ChannelEventRunnable`, 'run', 57),
    frame('java.util.concurrent.ThreadPoolExecutor', 'runWorker', 1136),
    frame('java.util.concurrent.ThreadPoolExecutor$Worker', 'run', 635),
    frame('java.lang.Thread', 'run', 840),
  );
  cache.set(dialect.rootPackage, frames);
  return frames;
}

/** The frames as `printStackTrace` writes them, a line each. */
export function stackText(frames: readonly StackFrame[]): string {
  let text = '';
  for (const { declaringClass, methodName, fileName, lineNumber } of frames) {
    const module = declaringClass.startsWith('java.') ? 'java.base/' : '';
    text += `\tat ${module}${declaringClass}.${methodName}(${fileName}:${lineNumber})\n`;
  }
  return text;
}

function frame(declaringClass: string, methodName: string, lineNumber: number): StackFrame {
  const simpleName = declaringClass.slice(declaringClass.lastIndexOf('.') + 1);
  return { declaringClass, methodName, fileName: `${simpleName.replace(/\$.*/, '')}.java`, lineNumber };
}
