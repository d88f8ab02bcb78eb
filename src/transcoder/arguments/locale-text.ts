const MAX_CHARACTERS = 64;
/** ISO 639, or a registered language of BCP 47; four letters would be a script. */
const LANGUAGE = /^(?:[A-Za-z]{2,3}|[A-Za-z]{5,8})$/;
const SCRIPT = /^[A-Za-z]{4}$/;
/** ISO 3166 or UN M.49. */
const COUNTRY = /^(?:[A-Za-z]{2}|\d{3})$/;
/** Java takes any variant; one letter would begin an extension of BCP 47. */
const VARIANT = /^[A-Za-z\d]{2,8}$/;

/**
 * A locale as `java.util.Locale.toString` writes it (`zh_TW`, `en_US_POSIX`, `de__1996`), from that form or from BCP 47
 * (`zh-TW`). Undefined for anything else, and for a script (`zh-Hant-TW`) or an extension, which hessian-lite drops
 * without an error.
 */
export function javaLocaleText(text: string): string | undefined {
  if (text.length > MAX_CHARACTERS) return undefined;
  const [language, ...rest] = text.split(/[-_]/);
  if (!LANGUAGE.test(language!)) return undefined;
  let result = language!.toLowerCase();
  if (rest.length === 0) return result;
  let variants = rest;
  const [second = ''] = rest;
  if (COUNTRY.test(second)) {
    result += `_${second.toUpperCase()}`;
    variants = rest.slice(1);
  } else {
    // Java leaves the place of the country empty; BCP 47 goes on with the variant.
    result += '_';
    if (second === '') variants = rest.slice(1);
    else if (SCRIPT.test(second)) return undefined;
    if (variants.length === 0) return undefined;
  }
  for (const variant of variants) {
    if (!VARIANT.test(variant)) return undefined;
    result += `_${variant}`;
  }
  return result;
}
