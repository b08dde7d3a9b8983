/** A route as it was registered: `/v1/cameras/:id`. */
export interface RouteShape {
  readonly method: string
  readonly url: string
}

/** The methods that a path has, though not the one it was asked with. */
export const allowedMethods = (routes: readonly RouteShape[], path: string): readonly string[] => {
  const parts = path.split('/')
  const methods = routes.filter(route => matches(route.url.split('/'), parts)).map(route => route.method)
  return [...new Set(methods)].sort()
}

const matches = (pattern: readonly string[], parts: readonly string[]): boolean =>
  pattern.length === parts.length &&
  pattern.every((step, i) => step === parts[i] || (step.startsWith(':') && parts[i] !== ''))
