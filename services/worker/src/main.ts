import { runService } from '@takt/service'
import { worker } from './service.ts'

await runService(worker)
