/**
 * Makes an adapter send a script as one simple query. Its own version splits at every semicolon,
 * those inside a function's body included.
 */
export function sendScriptsWhole(adapter) {
  adapter.executeScript = async script => {
    try {
      await adapter.client.query(script)
    } catch (error) {
      adapter.onError(error)
    }
  }
  return adapter
}
