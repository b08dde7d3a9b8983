import { runService } from '@takt/service'
import { ingest } from './service.ts'

await runService(ingest)
