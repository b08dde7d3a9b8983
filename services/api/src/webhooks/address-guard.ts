import { lookup as resolve } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { apiError } from '../errors.ts'

/** Never a receiver, whatever is configured: link-local (where clouds serve metadata), unspecified, multicast, reserved. */
const never = [
  '0.0.0.0/8',
  '169.254.0.0/16',
  '192.0.0.192/32',
  '100.100.100.200/32',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/128',
  'fe80::/10',
  'ff00::/8',
  'fd00:ec2::254/128',
]

/** Which addresses a webhook may be sent to. */
export interface AddressGuard {
  readonly allows: (address: string) => boolean
  /** Throws `webhook-target-refused` for a URL that is none of ours to call; names are judged when they are resolved. */
  readonly checkUrl: (url: URL) => void
  /** Resolves a name for a connection and refuses it if any of its addresses is refused: what was checked is connected to. */
  readonly lookup: LookupFunction
}

export function createAddressGuard(networks: readonly string[]): AddressGuard {
  const allowed = blockList(networks)
  const refused = blockList(never)
  // A BlockList judges an IPv4 address in IPv6 by its IPv4 rules.
  const allows = (address: string): boolean => {
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    return isIP(address) !== 0 && allowed.check(address, family) && !refused.check(address, family)
  }
  return {
    allows,
    checkUrl: url => {
      const refuse = (why: string) => apiError('webhook-target-refused', { host: url.host, why })
      if (url.protocol !== 'https:' && url.protocol !== 'http:') throw refuse('it is neither https nor http')
      if (url.username || url.password) throw refuse('credentials do not belong in it')
      if (url.hash) throw refuse('it has a fragment')
      const host = url.hostname.replace(/^\[|\]$/g, '')
      if (isIP(host) && !allows(host)) throw refuse('its address is in no allowed network')
    },
    lookup: (host, options, callback) => {
      resolve(host, { ...options, all: true }, (error, found) => {
        if (error) return callback(error, [])
        const outside = found.find(({ address }) => !allows(address))
        if (outside || found.length === 0) {
          const why = outside ? 'it resolves to an address in no allowed network' : 'it has no address'
          return callback(apiError('webhook-target-refused', { host, why }), [])
        }
        if (options.all) callback(null, found)
        else callback(null, found[0]!.address, found[0]!.family)
      })
    },
  }
}

/** Whether a text is a network such as `10.0.0.0/8`. */
export const isNetwork = (text: string): boolean => {
  const [, address = '', bits] = /^([0-9a-fA-F.:]+)\/(\d{1,3})$/.exec(text) ?? []
  return isIP(address) !== 0 && Number(bits) <= (isIP(address) === 6 ? 128 : 32)
}

function blockList(networks: readonly string[]): BlockList {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', bits] = network.split('/')
    list.addSubnet(address, Number(bits), isIP(address) === 6 ? 'ipv6' : 'ipv4')
  }
  return list
}
