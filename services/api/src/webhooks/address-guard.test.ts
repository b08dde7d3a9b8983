import { describe, expect, it, test } from 'vitest'
import { createAddressGuard, isNetwork } from './address-guard.ts'

const guard = createAddressGuard(['10.0.0.0/8', 'fc00::/7'])
const open = createAddressGuard(['0.0.0.0/0', '::/0'])

test('an address is taken only within an allowed network', () => {
  for (const address of ['10.1.2.3', '::ffff:10.1.2.3', 'fd12::1'])
    expect([address, guard.allows(address)]).toEqual([address, true])
  for (const address of ['8.8.8.8', '127.0.0.1', '11.0.0.1', '::1', '2001:db8::1', 'no address', ''])
    expect([address, guard.allows(address)]).toEqual([address, false])
})

test.each([
  '169.254.169.254',
  '::ffff:169.254.169.254',
  '::ffff:a9fe:a9fe',
  '169.254.1.1',
  'fe80::1',
  'fd00:ec2::254',
  '100.100.100.200',
  '0.0.0.0',
  '::',
  '224.0.0.1',
  'ff02::1',
  '255.255.255.255',
])('%s is refused even where everything is allowed', address => {
  expect(open.allows(address)).toBe(false)
})

describe('a URL', () => {
  it.each(['http://10.0.0.1/hook', 'https://mes.plant:8443/hook?line=3', 'http://[fd12::1]/'])('%s is taken', url => {
    expect(() => guard.checkUrl(new URL(url))).not.toThrow()
  })

  it.each([
    ['file:///etc/passwd', 'neither'],
    ['http://user:hunter2@10.0.0.1/', 'credentials'],
    ['http://10.0.0.1/#x', 'fragment'],
    ['http://169.254.169.254/latest/meta-data', 'no allowed network'],
    ['http://0xa9fea9fe/', 'no allowed network'],
    ['http://2852039166/', 'no allowed network'],
    ['http://[::ffff:a9fe:a9fe]/', 'no allowed network'],
    ['http://127.1/', 'no allowed network'],
    ['http://[::1]/', 'no allowed network'],
  ])('%s is refused', (url, why) => {
    expect(() => guard.checkUrl(new URL(url))).toThrow(why)
    expect(() => guard.checkUrl(new URL(url))).not.toThrow('hunter2')
  })
})

test('a name that resolves to an address outside is refused when it is connected to', async () => {
  const look = (one: typeof guard) =>
    new Promise(done => one.lookup('localhost', { all: true }, (error, found) => done(error?.message ?? found)))
  expect(await look(guard)).toMatch(/localhost.*no allowed network/)
  expect(await look(createAddressGuard(['127.0.0.0/8', '::1/128']))).toEqual(
    expect.arrayContaining([expect.objectContaining({ address: expect.stringMatching(/^(127\.|::1)/) })]),
  )
})

test.each([
  ['10.0.0.0/8', true],
  ['fc00::/7', true],
  ['10.0.0.0', false],
  ['10.0.0.0/33', false],
  ['10.0/8', false],
  ['x/8', false],
])('%s is a network: %s', (text, is) => {
  expect(isNetwork(text)).toBe(is)
})
