/** The demo shop's customers: made-up people of many tongues. Their addresses lie in reserved domains (RFC 2606, RFC 6761). */
export type Tongue = 'en' | 'pl' | 'bg' | 'zh' | 'ar' | 'de' | 'sv' | 'pt';

export type Person = {
  readonly first: string;
  /** Empty where the whole name is written as one. */
  readonly last: string;
  readonly email: string;
  readonly tongue: Tongue;
  readonly city: string;
  readonly country: string;
};

type Place = {
  readonly tongue: Tongue;
  readonly country: string;
  readonly cities: readonly string[];
  readonly names: string;
};

/** Names as they are written; after the sign the part of the address, where it does not follow from the name. */
const PLACES: readonly Place[] = [
  {
    tongue: 'en',
    country: 'GB',
    cities: ['Swansea', 'Whitby', 'Falmouth', 'Leith'],
    names: `Owen Pritchard, Maisie Thornbury, Callum Ferrier, Beatrix Holloway, Jonah Askew, Imogen Tarrant, Rhys Cadwallader,
      Flora Penhallow, Edmund Wraxall, Tamsin Jago, Gareth Llewelyn, Orla Kinsella, Hugo Marchbanks, Nell Winterbourne,
      Silas Cobbett, Ottilie Brandreth, Ewan Galbraith, Posy Larkham`,
  },
  {
    tongue: 'pl',
    country: 'PL',
    cities: ['Gdańsk', 'Łódź', 'Kraków', 'Wrocław'],
    names: `Żaneta Wójcik=zaneta.wojcik, Tomasz Borowik, Małgorzata Śliwa=malgorzata.sliwa, Łukasz Gąsior=lukasz.gasior,
      Agnieszka Wróbel=agnieszka.wrobel, Paweł Dąbek=pawel.dabek, Róża Ćwik=roza.cwik, Wojciech Żurek=wojciech.zurek,
      Zofia Jaźwińska=zofia.jazwinska, Stanisław Kłos=stanislaw.klos, Bożena Mączka=bozena.maczka, Piotr Górny=piotr.gorny,
      Hanna Pruś=hanna.prus, Grzegorz Łęcki=grzegorz.lecki, Jagoda Szczęsna=jagoda.szczesna, Michał Rzeźnik=michal.rzeznik`,
  },
  {
    tongue: 'bg',
    country: 'BG',
    cities: ['Пловдив', 'Варна', 'София', 'Бургас'],
    names: `Ивелина Радева=ivelina.radeva, Георги Чолаков=georgi.cholakov, Десислава Юрукова=desislava.yurukova,
      Петър Жеков=petar.zhekov, Милена Щерева=milena.shtereva, Божидар Ламбов=bozhidar.lambov, Цветелина Хаджиева=tsvetelina.hadzhieva,
      Йордан Пеев=yordan.peev, Ралица Минкова=ralitsa.minkova, Асен Кърджиев=asen.kardzhiev, Теодора Бонева=teodora.boneva,
      Стоян Гърков=stoyan.garkov, Невена Златева=nevena.zlateva, Любомир Цанев=lyubomir.tsanev`,
  },
  {
    tongue: 'zh',
    country: 'CN',
    cities: ['杭州', '景德镇', '成都', '厦门'],
    names: `林晓雯=xiaowen.lin, 陈嘉树=jiashu.chen, 苏慕白=mubai.su, 许静怡=jingyi.xu, 周望舒=wangshu.zhou, 何书远=shuyuan.he,
      沈若溪=ruoxi.shen, 叶知秋=zhiqiu.ye, 韩子墨=zimo.han, 宋清和=qinghe.song, 顾南星=nanxing.gu, 罗一帆=yifan.luo,
      方采薇=caiwei.fang, 程景行=jingxing.cheng`,
  },
  {
    tongue: 'ar',
    country: 'AE',
    cities: ['دبي', 'الشارقة', 'أبوظبي'],
    names: `ليلى حدّاد=layla.haddad, كريم منصور=karim.mansour, سلمى الخطيب=salma.alkhatib, طارق زيدان=tariq.zaydan,
      نورة القاسم=noura.alqasim, يوسف بشارة=yousef.bishara, ريم شاهين=reem.shaheen, عمر السالم=omar.alsalem,
      هند مراد=hind.murad, زياد الفارس=ziad.alfares, دانة العلي=dana.alali, باسل نجّار=basel.najjar`,
  },
  {
    tongue: 'de',
    country: 'DE',
    cities: ['Lübeck', 'Görlitz', 'Münster', 'Flensburg'],
    names: `Jürgen Größl=juergen.groessl, Annelie Möhring=annelie.moehring, Til Brückmann=til.brueckmann, Heide Süßkind=heide.suesskind,
      Konrad Öhler=konrad.oehler, Friederike Käfer=friederike.kaefer, Veit Lindhorst, Marlene Pötzsch=marlene.poetzsch,
      Henning Dörr=henning.doerr, Lioba Weißgerber=lioba.weissgerber, Arvid Schüler=arvid.schueler, Gesa Thomsen,
      Ruprecht Hänel=ruprecht.haenel, Wiebke Jörns=wiebke.joerns, Emil Ratzke, Svea Lührs=svea.luehrs`,
  },
  {
    tongue: 'sv',
    country: 'SE',
    cities: ['Uppsala', 'Göteborg', 'Malmö'],
    names: `Mara Lindqvist, Åsa Björkman=asa.bjorkman, Östen Hägg=osten.hagg, Ylva Sjöström=ylva.sjostrom, Torbjörn Ek=torbjorn.ek,
      Linnéa Almgren=linnea.almgren, Håkan Rydé=hakan.ryde, Saga Nyström=saga.nystrom, Ragnar Dahlgård=ragnar.dahlgard,
      Tuva Bergström=tuva.bergstrom, Sixten Löf=sixten.lof, Elin Mårtensson=elin.martensson, Nils Åberg=nils.aberg, Freja Hult`,
  },
  {
    tongue: 'pt',
    country: 'PT',
    cities: ['Braga', 'Aveiro', 'Évora'],
    names: `Joaquim Teles, Inês Falcão=ines.falcao, Gonçalo Brandão=goncalo.brandao, Conceição Rebelo=conceicao.rebelo,
      Tomé Avelar=tome.avelar, Leonor Galvão=leonor.galvao, Rui Sardinha, Beatriz Pinhão=beatriz.pinhao, Sebastião Maia=sebastiao.maia,
      Matilde Leitão=matilde.leitao, Afonso Quental, Graça Nóbrega=graca.nobrega, Duarte Ourém=duarte.ourem, Luísa Vidigal=luisa.vidigal,
      Xavier Simões=xavier.simoes, Noémia Castanho=noemia.castanho`,
  },
];

const DOMAINS = ['example.com', 'example.org', 'example.net', 'post.test'] as const;

function personOf(entry: string, index: number, { tongue, country, cities }: Place): Person {
  const [name = '', address] = entry.split('=');
  const [first = '', ...rest] = name.split(' ');
  const mailbox = address ?? name.toLowerCase().replaceAll(' ', '.');
  return {
    first,
    last: rest.join(' '),
    email: `${mailbox}@${DOMAINS[index % DOMAINS.length]}`,
    tongue,
    city: cities[index % cities.length] ?? '',
    country,
  };
}

/** All of them, 120, mixed so that neighbours come from different places. */
export function allPeople(): readonly Person[] {
  const groups = PLACES.map((place) =>
    place.names.split(/,\s+/).map((entry, index) => personOf(entry.trim(), index, place)),
  );
  const longest = Math.max(...groups.map((group) => group.length));
  return Array.from({ length: longest }, (_, index) => groups.flatMap((group) => group[index] ?? [])).flat();
}
