/** Seconds from the NTP epoch (1900-01-01) to the Unix epoch (1970-01-01). */
const UNIX_EPOCH_IN_NTP_SECONDS = 2_208_988_800n
const NTP_ERA_SECONDS = 1n << 32n

/**
 * Converts a 64-bit NTP time (32.32 fixed point, as in `prft` boxes and RTCP sender reports) to whole Unix
 * microseconds, rounded down.
 *
 * Seconds that lie before 1970 in era 0 are read as era 1, which starts on 2036-02-07 (RFC 5905 §6).
 */
export function ntpToUnixMicros(ntp: bigint): bigint {
  const seconds = ntp >> 32n
  const fraction = ntp & 0xffff_ffffn
  const era = seconds < UNIX_EPOCH_IN_NTP_SECONDS ? NTP_ERA_SECONDS : 0n
  return (seconds + era - UNIX_EPOCH_IN_NTP_SECONDS) * 1_000_000n + ((fraction * 1_000_000n) >> 32n)
}
