import { describeTraining } from '../test/describe-training.ts'

describeTraining(['sim-siam', 'sim-clr', 'byol', 'barlow-twins', 'moco-v3'])
