import { describeTraining } from '../test/describe-training.ts'

describeTraining(['dino', 'ibot', 'dino-v2'])
