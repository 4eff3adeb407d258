export { type DemoAccount, webAccounts } from './demo-accounts.ts';
export { type Lab, type LabOptions, type Subscriber, startLab } from './lab.ts';
export { type LabPorts, portsFrom } from './ports.ts';
