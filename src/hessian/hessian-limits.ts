/** What a peer may announce or nest; all finite. A body's own length bounds every count as well. */
export interface HessianLimits {
  /** Containers inside containers. Default 512. */
  readonly maxDepth: number;
  /** Lists, maps and objects of one body. Default 1,000,000. */
  readonly maxReferences: number;
  /** Distinct type names of one body. Default 4,096. */
  readonly maxTypes: number;
  /** Class definitions of one body. Default 4,096. */
  readonly maxClassDefinitions: number;
  /** Fields of one class definition. Default 4,096. */
  readonly maxFields: number;
}

export const DEFAULT_HESSIAN_LIMITS: HessianLimits = {
  maxDepth: 512,
  maxReferences: 1_000_000,
  maxTypes: 4_096,
  maxClassDefinitions: 4_096,
  maxFields: 4_096,
};
