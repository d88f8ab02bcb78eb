/** Zero bytes behind a text. */
export const PADDING_BYTES = 8;

/** What a scan of a JSON text leaves. */
export interface ScannedText {
  /** Whose text it is; others have to have theirs scanned again. */
  holder: object | undefined;
  readonly tape: Int32Array;
  /** The text from 0 on and `PADDING_BYTES` more, for reading several bytes at once. */
  readonly words: DataView;
}
