/** What an operator can do to a method. Doing it twice is the same as once. */
export const METHOD_ACTIONS = ['quarantine', 'release', 'pin', 'unpin'] as const;

export type MethodAction = (typeof METHOD_ACTIONS)[number];
