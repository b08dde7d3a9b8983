/** A recording whose features lie elsewhere and are read when they are wanted: no more than two are held at a time. */
export type FeatureSequence = {
  readonly name: string
  /** Time steps. */
  readonly times: number
  /** Writes the features, `[times, channels]`, to the start of an array. */
  readonly read: (into: Float32Array) => Promise<void>
}

/** With the class of each time step, or `UNKNOWN`. */
export type LabelledFeatures = FeatureSequence & { readonly labels: Int16Array }

/** What the features of a data set are. */
export type FeatureForm = {
  /** Numbers of a time step. */
  readonly channels: number
  /** Places of a coarse grid that the channels belong to, outermost; 1 without a grid. */
  readonly places: number
}
