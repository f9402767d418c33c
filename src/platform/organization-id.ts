/** The proof that a request belongs to an organization: minted only by the gate, a lookup table's store, or the worker that reads the queue. */
export type OrganizationId = number & { readonly brand: 'OrganizationId' }
