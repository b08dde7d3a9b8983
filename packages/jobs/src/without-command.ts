/** ioredis hangs the failed command with its arguments on its errors: for AUTH that is the password. Takes it off, from the causes too. */
export const withoutCommand = <Thrown>(error: Thrown): Thrown => {
  for (let each: unknown = error; each instanceof Error; each = each.cause)
    delete (each as { command?: unknown }).command
  return error
}
