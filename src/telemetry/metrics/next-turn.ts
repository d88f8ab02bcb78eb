/** Resolves in the next turn of the event loop, after the input that waits has been handled. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
