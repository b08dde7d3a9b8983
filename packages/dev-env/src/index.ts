/** The embedded plant: real servers, simulated cameras and real video, without Docker. */

export type { CameraTruth } from './camera-control.ts'
export { type Cameras, type CamerasOptions, type SimulatedCamera, startCameras } from './cameras.ts'
export { childEnvironment, projectRoot, stateDirectoryPath } from './config.ts'
export { freePort } from './free-port.ts'
export type { CameraViewName } from './material/camera-view.ts'
export {
  type ComposedVideo,
  type ComposeOptions,
  type ComposeStationOptions,
  composeBench,
  composeStation,
} from './material/compose.ts'
export type { Person } from './material/gestures.ts'
export { materialDirectory, readLabels, type SourceLabel, type TrueStep } from './material/labels.ts'
export { type Plant, type PlantOptions, type ServiceName, startPlant } from './plant.ts'
export { type Durability, type Postgres, type PostgresOptions, startPostgres } from './postgres.ts'
export { type RedisOptions, startRedis } from './redis.ts'
export type { RunningServer } from './running-server.ts'
export { type S3Options, type S3Server, startS3 } from './s3.ts'
export type { Exit } from './server-process.ts'
export { openStateDirectory, type StateDirectory } from './state-directory.ts'
export { type ServiceOptions, type SupervisedService, startService } from './supervise.ts'
