import { expect, test } from 'vitest'
import { signedHeaders } from './s3-create-bucket.ts'

const request = {
  endpoint: 'http://127.0.0.1:7480',
  accessKey: 'AKIDEXAMPLE',
  secretKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  bucket: 'takt',
  now: new Date('2026-11-24T08:00:00.123Z'),
}

test('the signature covers bucket, host, time and key: changing any one changes it', () => {
  const { authorization } = signedHeaders(request)
  const changes = [{ bucket: 'other' }, { endpoint: 'http://127.0.0.1:7481' }, { secretKey: 'x' }, { now: new Date(0) }]
  const others = changes.map(change => signedHeaders({ ...request, ...change }).authorization)
  expect(new Set([authorization, ...others]).size).toBe(changes.length + 1)
})

test('the secret key is in no header', () => {
  expect(JSON.stringify(signedHeaders(request))).not.toContain(request.secretKey)
})
