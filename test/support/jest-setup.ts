// Loaded first, or CommonJS packages that require Nest meet it half loaded.
import '@nestjs/common';
import '@nestjs/core';
