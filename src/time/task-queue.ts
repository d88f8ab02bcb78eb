/** Runs tasks one at a time, in the order in which they came. One that fails keeps none of those behind it. */
export class TaskQueue {
  /** The task that came last, done or under way. Never rejects. */
  #last: Promise<unknown> = Promise.resolve();

  /** Runs a task when all before it have ended. Settles as the task does. */
  run<T>(task: () => Promise<T>): Promise<T> {
    const ended = this.#last.then(task);
    this.#last = ended.catch(() => {});
    return ended;
  }
}
