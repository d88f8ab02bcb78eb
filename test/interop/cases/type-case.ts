import type { JavaPeerName, PeerName } from '../peers/peer-names.ts';

/**
 * One value of one Java type, in every form it has on its way. The service has the methods `echoNAME`, which gives the
 * value back, and `describeNAME`, which says in text which value of which class arrived.
 */
export interface TypeCase {
  /** The end of the method names. */
  readonly name: string;
  /** What is special about this value, for titles. */
  readonly label?: string;
  /** The parameter's type as the configuration has it, with type arguments. */
  readonly javaType: string;
  /** What an HTTP client sends: JSON text. */
  readonly json: string;
  /** What goes over the wire for it, as a value of hessian.js. */
  readonly wire: unknown;
  /** What `describeNAME` answers when the value arrived right. */
  readonly received: string;
  /** Versions that read the same bytes differently, and what they say. */
  readonly receivedOn?: Readonly<Partial<Record<JavaPeerName, string>>>;
  /** Versions that refuse the value (status 70), and how their text begins. */
  readonly refusedOn?: Readonly<Partial<Record<JavaPeerName, string>>>;
  /** What the HTTP client gets from `echoNAME` with default settings: JSON text. Key order does not count. */
  readonly answer: string;
  /** Versions whose answer differs. */
  readonly answerOn?: Readonly<Partial<Record<JavaPeerName, string>>>;
  /** What the client gets where the service has `generic: raw.return`, if that differs: JSON text, or status and code. */
  readonly rawAnswer?: string;
  /** Versions that cannot answer with this type in a generic call (status 70): on JDK 17 they may not take it apart. */
  readonly unanswerableOn?: readonly JavaPeerName[];
  /** The field of a class of ours that has this type too: `TimeValues.localDate`. */
  readonly field?: string;
}

/** What a case is called in titles. */
export function titleOf(item: TypeCase): string {
  return item.label === undefined ? item.javaType : `${item.javaType} (${item.label})`;
}

/** What `describeNAME` of this provider answers when the value arrived right. */
export function receivedBy(item: TypeCase, peer: PeerName): string {
  return ofPeer(item.receivedOn, peer) ?? item.received;
}

/** The JSON that a client gets from `echoNAME` of this provider. */
export function answerOf(item: TypeCase, peer: PeerName): string {
  return ofPeer(item.answerOn, peer) ?? item.answer;
}

/** The same with raw results. */
export function rawAnswerOf(item: TypeCase, peer: PeerName): string {
  return ofPeer(item.answerOn, peer) ?? item.rawAnswer ?? item.answer;
}

function ofPeer<Value>(
  values: Readonly<Partial<Record<JavaPeerName, Value>>> | undefined,
  peer: PeerName,
): Value | undefined {
  return peer === 'go' ? undefined : values?.[peer];
}
