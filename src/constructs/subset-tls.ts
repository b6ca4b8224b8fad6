import { ClientTls } from './client-tls';

/** A subset of a Service's pods, with the TLS that clients use towards it. */
export interface SubsetTls {
  /** The name by which routes refer to the subset. Lower-case letters, digits and `-`. */
  readonly name: string;

  /**
   * The labels that the pods of the subset have.
   *
   * @default - all pods of the Service
   */
  readonly labels?: { [key: string]: string };

  /**
   * What clients send to the subset on the ports that `portTls` does not name.
   *
   * @default - what the rule says for the port
   */
  readonly tls?: ClientTls;

  /**
   * What clients send to the subset on single service ports. The keys are numbers of service
   * ports (not of workload ports), or their names.
   *
   * @default - `tls`
   */
  readonly portTls?: { [servicePort: string]: ClientTls };
}
