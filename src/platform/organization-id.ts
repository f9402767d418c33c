/** Proof that a request belongs to an organization. Created only by the auth gate, the store of a lookup table, or a worker that reads the queue. */
export type OrganizationId = number & { readonly brand: 'OrganizationId' }
