/** Types for the parts of autocannon 9 that the benchmark uses. The package ships none of its own. */
declare module 'autocannon' {
  namespace autocannon {
    export interface AutocannonOptions {
      url: string;
      method: string;
      headers?: Record<string, string>;
      body?: string;
      connections: number;
      /** Seconds. */
      duration: number;
      /** Milliseconds between two looks whether the time is over. */
      sampleInt: number;
      /** An answer for whose body it says false counts as a mismatch. */
      verifyBody: (body: string) => boolean;
      /** Seconds without an answer after which a request counts as an error. */
      timeout: number;
    }

    export interface AutocannonResult {
      '2xx': number;
      non2xx: number;
      /** Connection errors and time-outs. */
      errors: number;
      mismatches: number;
      /** Milliseconds. */
      latency: { p50: number; p99: number };
    }
  }

  function autocannon(options: autocannon.AutocannonOptions): Promise<autocannon.AutocannonResult>;
  export = autocannon;
}
