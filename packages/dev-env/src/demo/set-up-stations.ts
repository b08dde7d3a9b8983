import type { Cameras } from '../cameras.ts'
import type { ApiClient } from './api-client.ts'
import type { DemoStation } from './demo-stations.ts'

/** A station of the demo as the plant knows it. */
export interface PlantStation extends DemoStation {
  readonly id: string
  readonly cameraIds: readonly string[]
}

/** Credentials of the simulated cameras. */
export const cameraUser = { user: 'takt', password: 'only for the demo' } as const

/** Tells the plant of cameras, processes, stations and views, as plant IT would over REST. */
export async function setUpStations(
  api: ApiClient,
  cameras: Cameras,
  stations: readonly DemoStation[],
): Promise<readonly PlantStation[]> {
  const known: PlantStation[] = []
  for (const station of stations) {
    const process = await api.post<{ id: string }>('/v1/processes', { name: station.process, tasks: station.tasks })
    const { id } = await api.post<{ id: string }>('/v1/stations', { name: station.name, processId: process.id })
    const cameraIds: string[] = []
    for (const [position, view] of station.views.entries()) {
      const url = new URL(cameras.url(view.camera))
      url.username = cameraUser.user
      url.password = cameraUser.password
      const camera = await api.post<{ id: string }>('/v1/cameras', { name: view.camera, url: url.href })
      await api.put(`/v1/stations/${id}/views/${view.name}`, { cameraId: camera.id, position })
      cameraIds.push(camera.id)
    }
    known.push({ ...station, id, cameraIds })
  }
  return known
}
