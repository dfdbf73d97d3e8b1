import { ProjectionName, type ProjectionGeneration } from '@app/sessions';

/** The ledger's word on the projection, for an adapter that is tested without a ledger. */
export class ClaimedProjection extends ProjectionName {
  private readonly named: { generation: number; incarnation: string | null } = { generation: 1, incarnation: null };

  override current(): ProjectionGeneration {
    return this.named;
  }

  override async claim(incarnation: string): Promise<void> {
    if (this.named.incarnation !== incarnation) this.named.generation += 1;
    this.named.incarnation = incarnation;
  }
}
