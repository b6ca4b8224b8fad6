/**
 * What the proxy in front of a workload accepts (`PeerAuthentication`, `mtls.mode`).
 *
 * The mode says nothing about what clients send: with auto mTLS on, clients in
 * the mesh follow the server; with it off they send plaintext until a
 * DestinationRule says otherwise.
 */
export enum MtlsMode {
  /**
   * Only mutual TLS with a certificate of the mesh. Plaintext is cut off: a client
   * without proxy sees a connection reset, a client with proxy HTTP 503.
   */
  STRICT = 'STRICT',

  /**
   * Both mutual TLS and plaintext. Clients in the mesh still use mutual TLS
   * (with auto mTLS on); clients outside it get through.
   */
  PERMISSIVE = 'PERMISSIVE',

  /**
   * Plaintext only: the proxy hands the bytes on as they come. Not supported in
   * ambient, where ztunnel treats it as PERMISSIVE.
   */
  DISABLE = 'DISABLE',

  /**
   * The mode of the next wider policy (namespace, then mesh), and PERMISSIVE
   * where none has one. Note that such a policy still counts as the policy of its
   * scope, and hides newer ones of the same scope.
   */
  UNSET = 'UNSET',
}
