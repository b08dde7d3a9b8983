import { describeTraining } from '../test/describe-training.ts'

describeTraining(['mae', 'video-mae', 'i-jepa', 'v-jepa'])
