/** Postgres' internal one-byte type "char", which the adapter does not know, and `text`, which it does. */
const charOid = 18
const textOid = 25
/** The adapter's `ColumnTypeEnum.Character`, which the engine expects for "char". */
const character = 6

let patched = false

/**
 * Makes an adapter read "char" columns as text. Without it the engine panics on PostgreSQL 18's catalogue of
 * NOT NULL constraints. The patch sits on the shared prototype, since transactions are other instances of it.
 */
export function readCharAsText(adapter) {
  if (patched) return adapter
  patched = true
  const prototype = Object.getPrototypeOf(Object.getPrototypeOf(adapter))
  const { performIO, queryRaw } = prototype
  prototype.performIO = async function (query) {
    const result = await performIO.call(this, query)
    this.charColumns = []
    for (const [index, field] of (result.fields ?? []).entries()) {
      if (field.dataTypeID !== charOid) continue
      field.dataTypeID = textOid
      this.charColumns.push(index)
    }
    return result
  }
  prototype.queryRaw = async function (query) {
    const result = await queryRaw.call(this, query)
    for (const index of this.charColumns) result.columnTypes[index] = character
    return result
  }
  return adapter
}
