import { expect, test } from 'vitest'
import { parseCameraUrl } from './camera-url.ts'
import { cameraList, captureArguments } from './capture-command.ts'

test('the camera is named in the list alone, with its transport, patience and video only', () => {
  const url = parseCameraUrl('rtsp://cam:s3cret@10.0.0.5/live')
  expect(cameraList(url, 'udp', 5_000)).toMatchInlineSnapshot(`
    "ffconcat version 1.0
    file 'rtsp://cam:s3cret@10.0.0.5/live'
    option rtsp_transport udp
    option timeout 5000000
    option allowed_media_types video
    "
  `)
})

test('the arguments copy the video into fragmented segments and list them on stdout', () => {
  const args = captureArguments('s-', 4).filter(arg => !arg.startsWith('setts='))
  expect(args.join(' ')).toMatchInlineSnapshot(
    `"-nostdin -v error -f concat -safe 0 -protocol_whitelist pipe,fd,file,rtsp,rtsps,tcp,tls,udp,rtp,crypto -i pipe:0 -map 0:v:0 -c copy -bsf:v -avoid_negative_ts disabled -f segment -segment_time 4 -segment_format mp4 -segment_format_options movflags=+frag_keyframe+empty_moov+default_base_moof:write_prft=wallclock:video_track_timescale=90000 -segment_list pipe:1 -segment_list_type csv s-%05d.mp4"`,
  )
})
