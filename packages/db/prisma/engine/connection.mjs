/** A Postgres URL as node-postgres options. Never `connectionString`: it would override the shadow database's name. */
export function connectionOf(url) {
  const parsed = new URL(url)
  return {
    schema: parsed.searchParams.get('schema') ?? undefined,
    pg: {
      host: parsed.searchParams.get('host') ?? parsed.hostname,
      port: Number(parsed.port) || 5432,
      user: decodeURIComponent(parsed.username),
      password: decodeURIComponent(parsed.password) || undefined,
      database: decodeURIComponent(parsed.pathname.slice(1)),
    },
  }
}
