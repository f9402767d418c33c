export type * from './activity.ts'
export {
  type NodeRequest,
  type NodeResponse,
  type ReceiveOptions,
  receiveFetch,
  receiveNode,
  type Work,
} from './receive.ts'
export {
  type Delivered,
  type IncomingHeaders,
  type VerifyOptions,
  verify,
  WebhookVerificationError,
} from './verify.ts'
