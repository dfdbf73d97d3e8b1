import { CurrentPrincipal, DescribeRoute, Device, Roles, type DeviceFacts, type Principal } from '@app/http';
import { Controller, Delete, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { SigningKeyRotation } from '../signing-key-rotation.js';
import { keyIdSchema, signingKeyListView, signingKeyView, toSigningKeyView } from './signing-key.view.js';

@ApiTags('admin')
@Roles('admin')
@Controller('admin/signing-keys')
export class SigningKeysController {
  constructor(private readonly rotation: SigningKeyRotation) {}

  @Get()
  @DescribeRoute({
    summary: 'The keys that access tokens are signed with, newest first (admins)',
    description: 'All of them on one page: there are a handful.',
    answer: signingKeyListView,
  })
  async list() {
    return { items: (await this.rotation.list()).map(toSigningKeyView), nextCursor: null };
  }

  @Post()
  @DescribeRoute({
    summary: 'Rotate: make the key that signs next (admins)',
    description:
      'It is published at once and signs from `activeFrom` on. Until then rotating again answers the same key with 200. Nobody is logged out: the old key stays good as long as the tokens it signed.',
    answer: signingKeyView,
    status: 201,
    alsoStatus: 200,
  })
  async rotate(
    @CurrentPrincipal() { userId: actorId }: Principal,
    @Device() { ip }: DeviceFacts,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { key, made } = await this.rotation.rotate({ actorId, ip });
    if (!made) reply.status(200);
    return toSigningKeyView(key);
  }

  @Delete(':kid')
  @HttpCode(204)
  @DescribeRoute({
    summary: 'Revoke a key that leaked (admins)',
    description:
      'Every access token it signed is refused within a second, yours too; a refresh gives a good one. If it was the key that signs, another one signs at once.',
    problems: { 404: '`signing_key.not_found`' },
  })
  revoke(
    @Param('kid', { schema: keyIdSchema }) kid: string,
    @CurrentPrincipal() { userId: actorId }: Principal,
    @Device() { ip }: DeviceFacts,
  ) {
    return this.rotation.revoke(kid, { actorId, ip });
  }
}
