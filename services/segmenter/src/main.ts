import { runService } from '@takt/service'
import { segmenter } from './service.ts'

await runService(segmenter)
