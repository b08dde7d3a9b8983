/** What a subscription's secrets are sealed for, so that they cannot be moved to another. */
export const webhookSealContext = (id: string): string => `webhook ${id}`
