/**
 * SQL of the encoders by which a station is timed, as ids; `station` and `at` are SQL expressions:
 *
 * 1. those of the release in force and of the ones to come;
 * 2. that of the release by which the station is still decoded: until a cycle starts, the one before;
 * 3. where no release is in force, the plant's default.
 */
export const timingEncoders = (station: string, at: string): string => `
  select encoder_id from release where station_id = ${station} and effective_at >= coalesce(
    (select max(effective_at) from release where station_id = ${station} and effective_at <= ${at}), '-infinity')
  union
  select release.encoder_id from run_cursor join run on run.id = run_cursor.run_id join release on release.id = run.release_id
  where run_cursor.station_id = ${station}
  union
  select id from encoder where serving
    and not exists (select from release where station_id = ${station} and effective_at <= ${at})`

/**
 * SQL of the encoders that a station's new video is embedded under: those by which it is timed, and those of candidates,
 * which are heads made since the newest release, of the last day, that have not failed. So a switch costs double while
 * both encoders are looked at, and never for longer than a day beyond it. Of what was made in one millisecond, the ids
 * (version 7) tell the order.
 */
export const neededEncoders = (station: string, at: string): string => `
  ${timingEncoders(station, at)}
  union
  select encoder_id from head where station_id = ${station} and state <> 'failed' and created_at > ${at} - interval '1 day'
    and not exists (
      select from release where station_id = ${station} and (release.created_at, release.id) > (head.created_at, head.id))`
