const byExtension: Readonly<Record<string, string>> = {
  mp4: 'video/mp4',
  json: 'application/json',
  csv: 'text/csv',
}

/** The content type of an object whose writer named none: by its key's extension, else bytes. */
export const contentTypeOf = (key: string): string =>
  byExtension[key.slice(key.lastIndexOf('.') + 1)] ?? 'application/octet-stream'
