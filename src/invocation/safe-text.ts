const MAX_CHARACTERS = 2_000;
/** Where a Java stack trace starts inside a text. */
const STACK_START = /\r?\n[ \t]*(?:at |Caused by:|Suppressed:|\.\.\. \d+ (?:more|common))/;
/**
 * A URL that is none of the web's: `dubbo://10.1.2.3:20880/com.acme.Other` names a provider and another service,
 * `jdbc:mysql://db:3306/users` a database.
 */
const INNER_URL = /(?<![\w+.:-])(?!https?:)[a-zA-Z][\w+.:-]{0,40}:\/\/[^\s"'<>,;(){}]*/g;
/** An address with a port; Java puts the host name and a slash in front. */
const ADDRESS = /(?:(?<![\w.-])[\w.-]{0,200}\/)?(?:(?:\d{1,3}\.){3}\d{1,3}|\[[0-9a-fA-F:]{2,45}\]):\d{1,5}\b/g;

/** A provider's text as a caller may see it: no stack trace, no addresses of inner systems, bounded in length. */
export function safeText(text: string): string {
  // Everything past a bound is cut before any pattern looks at it, so that a long text costs no more than a short one.
  const head = text.slice(0, 4 * MAX_CHARACTERS);
  const stack = STACK_START.exec(head);
  const message = stack === null ? head : head.slice(0, stack.index);
  return message.replace(INNER_URL, '[address]').replace(ADDRESS, '[address]').slice(0, MAX_CHARACTERS);
}
