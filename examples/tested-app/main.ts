import { App } from 'cdk8s';
import { addShop } from './shop';

addShop(new App()).synth();
