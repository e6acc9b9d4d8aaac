import type { ImportField, ImportKind } from './plan.ts';

/**
 * What people call their columns, in English, German, Spanish, French, Bulgarian, Polish, Arabic and Chinese. Compared in
 * lower case with nothing but letters and digits left, so that `Customer ID`, `customer_id` and `customerId` are one.
 */
export const HEADER_WORDS: Readonly<Record<ImportField, string>> = {
  customerId:
    'customerid customernumber customerno customer custid clientid client userid contactid memberid id kundennummer kundenid kunde idcliente cliente idclient клиент клиентид номерклиент idklienta numerklienta klient رقمالعميل العميل معرفالعميل 客户id 客户编号 客户号 会员号 用户id 用户编号',
  email:
    'email emailaddress mail emails correo correoelectronico courriel adresseemail имейл електроннапоща поща adresemail البريد البريدالالكتروني البريدالإلكتروني 邮箱 电子邮件 电子邮箱 邮件',
  phone:
    'phone phonenumber telephone tel mobile mobilephone cell cellphone telefon telefonnummer handy telefono movil téléphone portable телефон мобилен telefonkomórkowy numertelefonu الهاتف رقمالهاتف الجوال 电话 手机 手机号 电话号码 联系电话',
  name: 'name fullname customername displayname contactname clientname kundenname nombre nom nomcomplet име имена имеифамилия imięinazwisko nazwa الاسم اسمالعميل 姓名 名称 客户姓名 客户名称',
  firstName: 'firstname givenname first vorname prenom prénom собственоиме първоиме imię imie الاسمالأول 名 名字',
  lastName:
    'lastname surname familyname last nachname apellido apellidos nomdefamille фамилия nazwisko اسمالعائلة اللقب 姓 姓氏',
  language: 'language lang locale sprache idioma langue език język jezyk اللغة 语言',
  country:
    'country countrycode billingcountry shippingcountry land pais país pays държава страна kraj البلد الدولة 国家 国家地区',
  street:
    'street streetaddress address address1 addressline1 addressline billingaddress billingaddress1 billingstreet shippingaddress shippingaddress1 shippingstreet straße strasse adresse anschrift calle direccion dirección rue улица адрес ulica adres الشارع العنوان 街道 地址',
  postalCode:
    'postalcode postcode zip zipcode billingzip billingpostcode billingpostalcode shippingzip shippingpostcode shippingpostalcode plz postleitzahl codigopostal códigopostal codepostal пощенскикод kodpocztowy الرمزالبريدي 邮编 邮政编码',
  city: 'city town billingcity shippingcity stadt ort ciudad ville град miasto المدينة 城市',
  company:
    'company organisation organization companyname firma unternehmen empresa entreprise societe société фирма компания الشركة 公司 公司名称',
  doNotContact:
    'donotcontact dnc donotemail donotmail nocontact nomarketing optout optedout hasoptedout emailoptout unsubscribed unsubscribe unsubscribedfromemail blocked werbesperre keinewerbung nichtkontaktieren nocontactar bajaemail désinscrit desinscrit нетърсене неконтактувай отписан niekontaktować niekontaktowac wypisany لاتتواصل ألغىالاشتراك 请勿联系 已退订',
  date: 'date datetime time timestamp createdat created orderdate dateordered purchasedate occurredat placedat signupdate registered since datum bestelldatum fecha dateheure дата датанапоръчка data datazamówienia التاريخ تاريخالطلب 日期 时间 下单时间 订单日期 创建时间 注册时间',
  orderId:
    'orderid order transactionid transaction invoiceid invoiceno invoice receipt bestellnummer bestellung auftragsnummer pedido idpedido commande номерпоръчка поръчка idzamówienia zamówienie numerzamówienia رقمالطلب الطلب 订单号 订单编号 订单id 订单',
  orderNumber: 'ordernumber orderno ordername',
  product:
    'product productname producttitle item itemname title lineitemname lineitem description artikel produkt producto produit продукт артикул nazwaproduktu المنتج 商品 商品名称 产品 产品名称',
  sku: 'sku productid itemcode productcode lineitemsku stockcode artikelnummer код kodproduktu رمزالمنتج 货号 商品编码',
  quantity:
    'quantity qty units count cds lineitemquantity menge anzahl cantidad quantité quantite количество брой ilość ilosc الكمية 数量',
  price: 'price unitprice lineitemprice priceeach preis einzelpreis precio prix цена единичнацена cena السعر 单价 价格',
  amount:
    'amount value linetotal subtotal sum dollars spend spent betrag importe monto montant сума стойност kwota wartość المبلغ القيمة 金额 小计',
  total:
    'total ordertotal totalprice grandtotal revenue totalamount gesamt gesamtbetrag summe totalpedido обща общасума razem suma الإجمالي المجموع 总额 总金额 总计 合计 订单金额 实付金额',
  currency: 'currency currencycode waehrung währung moneda devise валута waluta العملة 币种 货币',
  status: 'status orderstatus financialstatus state zustand estado statut статус stan الحالة 状态 订单状态',
  kind: 'kind type event eventname activity activitytype touchpoint contacttype art tipo вид тип typ zdarzenie النوع 类型 事件',
  channel: 'channel medium via kanal canal канал kanał القناة 渠道',
  direction: 'direction richtung direccion посока kierunek الاتجاه 方向',
  subject: 'subject topic betreff asunto objet тема temat الموضوع 主题',
  text: 'text note notes comment comments message body feedback content reason kommentar notiz nachricht comentario nota commentaire коментар бележка съобщение komentarz notatka uwagi wiadomość ملاحظة تعليق الرسالة 备注 内容 评论 留言 反馈',
  score:
    'score rating stars nps csat ces bewertung punkte puntuacion calificacion noteclient оценка ocena التقييم 评分 得分 分数 打分',
  question: 'question questionkind surveytype frage pregunta въпрос pytanie السؤال 问题',
  handler: 'handler handledby bearbeitetdurch обработил obsłużył',
  purpose: 'purpose goal zweck proposito цел cel الغرض 目的',
};

/** Columns that only files of one kind have. */
export const TELLING: Readonly<Record<ImportKind, readonly ImportField[]>> = {
  customers: [],
  orders: ['orderId', 'orderNumber', 'product', 'sku', 'quantity', 'price', 'total'],
  touchpoints: ['kind', 'channel', 'direction', 'text', 'score', 'subject'],
};
