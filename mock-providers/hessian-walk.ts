/** Head of a `$invoke` call. */
export interface InvokedMethod {
  readonly name: string;
  readonly types: readonly string[] | null;
  /** Whether type list and argument list have a Java type in their headers, as dubbo-go demands. */
  readonly typedLists: boolean;
}

const MAX_DEPTH = 1000;

/** The bytes are no Hessian; the message says what is wrong and at which offset. */
export class WalkError extends Error {}

/**
 * Goes over Hessian bytes from left to right and checks every length, code and string on the way. Nesting is followed
 * 1,000 levels deep.
 */
export class HessianWalk {
  position = 0;
  beforeArguments = true;
  readonly #bytes: Buffer;
  readonly #fieldCounts: number[] = [];

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  text(): string {
    const text = this.textOrNull();
    if (text === null) this.#fail('string expected, found null');
    return text;
  }

  textOrNull(): string | null {
    const bytes = this.#bytes;
    const code = this.#byte();
    if (code === 0x4e) return null;
    let text = '';
    let current = code;
    for (;;) {
      const units = this.#unitsOf(current);
      if (units < 0) this.#fail(`expected string at 0x${code.toString(16)}`);
      const start = this.position;
      const ascii = this.#skipUnits(units);
      // toString('utf8') would refuse the surrogates of CESU-8: they are joined by hand.
      text += ascii ? bytes.toString('latin1', start, this.position) : decodeUnits(bytes, start, this.position);
      if (current !== 0x52) return text;
      current = this.#byte();
    }
  }

  invokedMethod(): InvokedMethod {
    const name = this.text();
    const typeList = this.#listHeader();
    let types: string[] | null = null;
    if (typeList !== null) {
      types = [];
      for (let rest = typeList.length; rest > 0; rest--) types.push(this.text());
    }
    const argumentList = this.#listHeader();
    if (argumentList !== null) for (let rest = argumentList.length; rest > 0; rest--) this.skip(1);
    return { name, types, typedLists: typeList?.typed === true && argumentList?.typed === true };
  }

  attachments(): Map<string, string> {
    const found = new Map<string, string>();
    if (this.position === this.#bytes.length) return found;
    const code = this.#byte();
    if (code === 0x4e) return found;
    if (code === 0x4d) this.#skipType();
    else if (code !== 0x48) this.#fail(`expected map at 0x${code.toString(16)}`);
    while (this.#bytes[this.position] !== 0x5a) {
      const key = this.#textOrSkip();
      const value = this.#textOrSkip();
      if (key !== null && value !== null) found.set(key, value);
    }
    this.position++;
    return found;
  }

  /** Goes past one value. */
  skip(depth: number): void {
    if (depth > MAX_DEPTH) this.#fail('nested too deep');
    const code = this.#byte();
    if (code >= 0x80) {
      if (code >= 0xd0 && code <= 0xd7) this.#advance(2);
      else if ((code >= 0xc0 && code <= 0xcf) || code >= 0xf0) this.#advance(1);
    } else if (code <= 0x1f || (code >= 0x30 && code <= 0x33) || code === 0x52 || code === 0x53) {
      this.position--;
      this.textOrNull();
    } else if (code <= 0x2f || (code >= 0x34 && code <= 0x37) || code === 0x41 || code === 0x42) {
      this.#skipBinary(code);
    } else if (code <= 0x3f) {
      this.#advance(2);
    } else if (code >= 0x78) {
      this.#skipMany(code - 0x78, depth);
    } else if (code >= 0x70) {
      this.#skipType();
      this.#skipMany(code - 0x70, depth);
    } else if (code >= 0x60) {
      this.#skipObject(code - 0x60, depth);
    } else {
      this.#skipLetter(code, depth);
    }
  }

  #skipLetter(code: number, depth: number): void {
    switch (code) {
      case 0x43:
        this.#skipDefinition();
        this.skip(depth + 1);
        break;
      case 0x4f:
        this.#skipObject(this.#int(), depth);
        break;
      case 0x44:
      case 0x4a:
      case 0x4c:
        this.#advance(8);
        break;
      case 0x49:
      case 0x4b:
      case 0x59:
      case 0x5f:
        this.#advance(4);
        break;
      case 0x46:
      case 0x4e:
      case 0x54:
      case 0x5b:
      case 0x5c:
        break;
      case 0x5d:
        this.#advance(1);
        break;
      case 0x5e:
        this.#advance(2);
        break;
      case 0x51:
        this.#int();
        break;
      case 0x4d:
        this.#skipType();
        this.#skipEntries(depth);
        break;
      case 0x48:
        this.#skipEntries(depth);
        break;
      case 0x56:
        this.#skipType();
        this.#skipMany(this.#int(), depth);
        break;
      case 0x58:
        this.#skipMany(this.#int(), depth);
        break;
      default:
        // 0x55 and 0x57 (lists without length) end here as well: hessian-lite does not read them as Object.
        this.#fail(`unexpected code 0x${code.toString(16)}`);
    }
  }

  #skipDefinition(): void {
    this.text();
    const count = this.#int();
    this.#checkCount(count);
    for (let rest = count; rest > 0; rest--) this.text();
    this.#fieldCounts.push(count);
  }

  #skipObject(definition: number, depth: number): void {
    const count = this.#fieldCounts[definition];
    if (count === undefined) this.#fail(`no class definition ${definition}`);
    for (let rest = count; rest > 0; rest--) this.skip(depth + 1);
  }

  #skipEntries(depth: number): void {
    while (this.#bytes[this.position] !== 0x5a) {
      this.skip(depth + 1);
      this.skip(depth + 1);
    }
    this.position++;
  }

  #skipMany(count: number, depth: number): void {
    this.#checkCount(count);
    for (let rest = count; rest > 0; rest--) this.skip(depth + 1);
  }

  #skipBinary(firstCode: number): void {
    let code = firstCode;
    while (code === 0x41) {
      this.#advance(this.#uint16());
      code = this.#byte();
    }
    if (code >= 0x20 && code <= 0x2f) this.#advance(code - 0x20);
    else if (code >= 0x34 && code <= 0x37) this.#advance((code - 0x34) * 256 + this.#byte());
    else if (code === 0x42) this.#advance(this.#uint16());
    else this.#fail(`expected binary at 0x${code.toString(16)}`);
  }

  /** Header of a String[] or Object[] argument: null, or its length and whether it is typed. */
  #listHeader(): { length: number; typed: boolean } | null {
    const code = this.#byte();
    if (code === 0x4e) return null;
    let length = -1;
    const typed = code === 0x56 || (code >= 0x70 && code <= 0x77);
    if (typed) this.#skipType();
    if (code >= 0x70 && code <= 0x7f) length = code & 0x07;
    else if (code === 0x56 || code === 0x58) length = this.#int();
    else this.#fail(`expected list at 0x${code.toString(16)}`);
    this.#checkCount(length);
    return { length, typed };
  }

  #textOrSkip(): string | null {
    if (this.#isText()) return this.textOrNull();
    this.skip(1);
    return null;
  }

  #skipType(): void {
    if (this.#isText()) this.textOrNull();
    else this.#int();
  }

  #isText(): boolean {
    const code = this.#bytes[this.position];
    return code !== undefined && (code <= 0x1f || (code >= 0x30 && code <= 0x33) || code === 0x52 || code === 0x53);
  }

  #int(): number {
    const code = this.#byte();
    if (code >= 0x80 && code <= 0xbf) return code - 0x90;
    if (code >= 0xc0 && code <= 0xcf) return (code - 0xc8) * 256 + this.#byte();
    if (code >= 0xd0 && code <= 0xd7) return (code - 0xd4) * 65536 + this.#uint16();
    if (code !== 0x49) this.#fail(`expected integer at 0x${code.toString(16)}`);
    this.#advance(4);
    return this.#bytes.readInt32BE(this.position - 4);
  }

  #unitsOf(code: number): number {
    if (code <= 0x1f) return code;
    if (code >= 0x30 && code <= 0x33) return (code - 0x30) * 256 + this.#byte();
    return code === 0x52 || code === 0x53 ? this.#uint16() : -1;
  }

  /** Goes past that many UTF-16 units and tells whether all of them were ASCII. */
  #skipUnits(units: number): boolean {
    const bytes = this.#bytes;
    let at = this.position;
    let ascii = true;
    for (let rest = units; rest > 0; rest--) {
      const lead = bytes[at];
      if (lead === undefined) this.#fail('the body ends within a string');
      if (lead < 0x80) {
        at++;
        continue;
      }
      ascii = false;
      const size = (lead & 0xe0) === 0xc0 ? 2 : (lead & 0xf0) === 0xe0 ? 3 : 0;
      if (size === 0) this.#fail(`bad utf-8 encoding at 0x${lead.toString(16)}`);
      for (let next = 1; next < size; next++) {
        if ((bytes[at + next]! & 0xc0) !== 0x80) this.#fail('bad utf-8 encoding: no continuation byte');
      }
      at += size;
    }
    this.position = at;
    return ascii;
  }

  #checkCount(count: number): void {
    if (count < 0 || count > this.#bytes.length - this.position) this.#fail(`length ${count} does not fit the body`);
  }

  #uint16(): number {
    return this.#byte() * 256 + this.#byte();
  }

  #byte(): number {
    const byte = this.#bytes[this.position];
    if (byte === undefined) this.#fail('the body ends within a value');
    this.position++;
    return byte;
  }

  #advance(count: number): void {
    this.position += count;
    if (this.position > this.#bytes.length) this.#fail('the body ends within a value');
  }

  #fail(message: string): never {
    throw new WalkError(`${message}, offset ${Math.min(this.position, this.#bytes.length)}`);
  }
}

/** Text of CESU-8 bytes that are known to be well formed. */
function decodeUnits(bytes: Buffer, start: number, end: number): string {
  let text = '';
  for (let at = start; at < end; ) {
    const lead = bytes[at]!;
    if (lead < 0x80) {
      text += String.fromCharCode(lead);
      at += 1;
    } else if (lead < 0xe0) {
      text += String.fromCharCode(((lead & 0x1f) << 6) | (bytes[at + 1]! & 0x3f));
      at += 2;
    } else {
      text += String.fromCharCode(((lead & 0x0f) << 12) | ((bytes[at + 1]! & 0x3f) << 6) | (bytes[at + 2]! & 0x3f));
      at += 3;
    }
  }
  return text;
}
