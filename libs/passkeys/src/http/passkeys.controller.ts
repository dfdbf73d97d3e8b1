import { RecentAuthentication } from '@app/auth/http';
import { CurrentPrincipal, DescribeRoute, Device, idOf, type DeviceFacts, type Principal } from '@app/http';
import { Body, Controller, Delete, Get, Header, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { RegistrationResponseJSON } from '@simplewebauthn/server';
import { PasskeysService } from '../passkeys.service.js';
import {
  addPasskeySchema,
  creationOptionsView,
  passkeyListView,
  passkeyView,
  renamePasskeySchema,
  toPasskeyView,
  type AddPasskeyBody,
  type RenamePasskeyBody,
} from './passkey.view.js';

const STEP_UP = '`auth.step_up_required`';
const NOT_FOUND = '`passkey.not_found`';
const passkeyId = idOf('passkey');

@ApiTags('users')
@Controller('users/me/passkeys')
export class PasskeysController {
  constructor(private readonly passkeys: PasskeysService) {}

  @Get()
  @DescribeRoute({
    summary: 'My passkeys, oldest first',
    description: 'All of them on one page: their number is limited.',
    answer: passkeyListView,
  })
  async list(@CurrentPrincipal() { userId }: Principal) {
    return { items: (await this.passkeys.list(userId)).map(toPasskeyView), nextCursor: null };
  }

  @Post('challenge')
  @HttpCode(200)
  @RecentAuthentication()
  @Header('Cache-Control', 'no-store')
  @DescribeRoute({
    summary: 'What a browser needs to make a passkey',
    description: 'Good once, for five minutes.',
    answer: creationOptionsView,
    problems: { 403: STEP_UP },
  })
  challenge(@CurrentPrincipal() { userId }: Principal) {
    return this.passkeys.creationOptions(userId);
  }

  @Post()
  @RecentAuthentication()
  @DescribeRoute({
    summary: 'Add the passkey that the browser made',
    answer: passkeyView,
    status: 201,
    problems: { 403: STEP_UP, 409: '`passkey.exists` or `passkey.too_many`', 422: '`passkey.invalid`' },
  })
  async add(
    @CurrentPrincipal() { userId }: Principal,
    @Body({ schema: addPasskeySchema }) { credential, name }: AddPasskeyBody,
    @Device() device: DeviceFacts,
  ) {
    return toPasskeyView(await this.passkeys.add(userId, credential as RegistrationResponseJSON, name, device));
  }

  @Patch(':id')
  @DescribeRoute({ summary: 'Rename a passkey', answer: passkeyView, problems: { 404: NOT_FOUND } })
  async rename(
    @CurrentPrincipal() { userId }: Principal,
    @Param('id', { schema: passkeyId }) id: string,
    @Body({ schema: renamePasskeySchema }) { name }: RenamePasskeyBody,
  ) {
    return toPasskeyView(await this.passkeys.rename(userId, id, name));
  }

  @Delete(':id')
  @HttpCode(204)
  @RecentAuthentication()
  @DescribeRoute({ summary: 'Remove a passkey', problems: { 403: STEP_UP, 404: NOT_FOUND } })
  remove(
    @CurrentPrincipal() { userId }: Principal,
    @Param('id', { schema: passkeyId }) id: string,
    @Device() device: DeviceFacts,
  ) {
    return this.passkeys.remove(userId, id, device);
  }
}
