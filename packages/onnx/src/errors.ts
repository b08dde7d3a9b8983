/** Every refusal of this package; none is retryable, because the same bytes are refused again. */
const messages = {
  missing_parameter: ({ name, type }: { readonly name: string; readonly type: string }) =>
    `parameter "${name}" of ${type} has no value`,
  mistyped_parameter: (details: { readonly name: string; readonly expected: string; readonly found: string }) =>
    `parameter "${details.name}" must be ${details.expected}, not ${details.found}`,
  model_too_large: ({ length, limit }: { readonly length: number; readonly limit: number }) =>
    `model of ${length} bytes exceeds the ${limit} bytes that one protobuf message may hold`,
  unsupported_precision: ({ provider, precision }: { readonly provider: string; readonly precision: string }) =>
    `${precision} models do not run on the provider ${provider}`,
  bad_npy: ({ reason }: { readonly reason: string }) => `not a readable .npy file: ${reason}`,
  bad_safetensors: ({ reason }: { readonly reason: string }) => `not a readable safetensors file: ${reason}`,
  bad_tensor: ({ reason }: { readonly reason: string }) => `tensor cannot be written: ${reason}`,
}

type Code = keyof typeof messages

export class OnnxError extends Error {
  override readonly name = 'OnnxError'
  readonly code: Code
  readonly retryable = false

  constructor(code: Code, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

export function onnxError<C extends Code>(
  code: C,
  details: Parameters<(typeof messages)[C]>[0],
  options?: ErrorOptions,
): OnnxError {
  return new OnnxError(code, (messages[code] as (details: unknown) => string)(details), options)
}
