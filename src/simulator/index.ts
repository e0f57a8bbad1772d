export { startSimulator, type Simulator, type SimulatorOptions } from './simulator.ts';
export type { SimulatedFrontDoor } from './bk-job-call.ts';
export type { CallLog, CallRecord } from './call-log.ts';
export type { FaultInjection, FaultMatch, SimulatorFault, SimulatorFaults } from './faults.ts';
export type {
  SimulatedHost,
  SimulatedJob,
  SimulatedScope,
  SimulatedStep,
  SimulatedTimes,
} from './job-model.ts';
export type { SimulatedApp, SimulatedJobSource, SimulatedUser, SimulatedWorld } from './world.ts';
