/**
 * What a process prescribes (工程): steps in sequence, steps that may be left out, groups done in any order, and parts
 * that are repeated. Chances say what is usual before labels do.
 */
export type ProcessTree =
  | { readonly kind: 'step'; readonly classIndex: number }
  | { readonly kind: 'sequence'; readonly parts: readonly ProcessTree[] }
  /** `chance` that the part is done. */
  | { readonly kind: 'optional'; readonly part: ProcessTree; readonly chance: number }
  /** Each part once, every order alike. */
  | { readonly kind: 'anyOrder'; readonly parts: readonly ProcessTree[] }
  /** `again`: chance, after each time, to do the part once more. */
  | { readonly kind: 'repeat'; readonly part: ProcessTree; readonly again: number }

/** The class that the process names first; undefined where it has no step. */
export function firstStepOf(tree: ProcessTree): number | undefined {
  if (tree.kind === 'step') return tree.classIndex
  const parts = 'parts' in tree ? tree.parts : [tree.part]
  for (const part of parts) {
    const first = firstStepOf(part)
    if (first !== undefined) return first
  }
  return undefined
}
