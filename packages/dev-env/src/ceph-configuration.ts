export interface CephConfiguration {
  /** Identifies the cluster; a UUID. */
  readonly clusterId: string
  readonly directory: string
  readonly monitorPort: number
  /** Of the monitor's older protocol, which its map has to name as well. */
  readonly legacyMonitorPort: number
}

/** Addresses of the monitor, as maps and configuration spell them. */
export const monitorAddresses = ({ monitorPort, legacyMonitorPort }: CephConfiguration): string =>
  `[v2:127.0.0.1:${monitorPort},v1:127.0.0.1:${legacyMonitorPort}]`

/**
 * One monitor, one object daemon that keeps everything in memory, one gateway; no replicas, no manager.
 * cephx stays on: without it the gateway never comes up.
 */
export const cephConfiguration = (options: CephConfiguration): string => `[global]
fsid = ${options.clusterId}
mon host = ${monitorAddresses(options)}
mon initial members = a
public addr = 127.0.0.1
keyring = ${options.directory}/keyring
mon data = ${options.directory}/mon
osd data = ${options.directory}/osd
run dir = ${options.directory}
admin socket =
log file =
log to stderr = true
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 4
mon allow pool size one = true
osd crush chooseleaf type = 0
osd objectstore = memstore
memstore device bytes = 4294967296
mon data avail crit = 1
mon pg warn min per osd = 0
debug ms = 0
`
