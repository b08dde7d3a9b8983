import { runService } from '@takt/service'
import { apiService } from './service.ts'

await runService(apiService)
