/** What workers can be asked, by name: only plain values, which can be sent to another process. */
export interface WorkerRequests {
  /** What readiness is made of, by name. */
  readonly readinessChecks: { readonly argument: undefined; readonly answer: Readonly<Record<string, boolean>> };
}
